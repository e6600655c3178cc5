"""One engagement as plain data: a blueprint and the logs of some months of work.

A healthy engagement satisfies every requirement of its track on the day of the scan. Recent entries are dated
back from that day, deadlines are met counting from the signature. `FAULTS` are what people do to them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

Data = dict[str, Any]

TRACKS = {"poc": 1, "economy": 4, "premium": 3, "fast_track": 2}
"""The tracks with how often they occur."""
BLUEPRINTS = {
    "C01_customer_engagement": (
        "engagement/customer_profile engagement/touchpoint_log engagement/engagement_plan engagement/sentiment_tracker"
    ),
    "C02_customer_success_operating_model": (
        "success/success_plan success/adoption_metrics success/intervention_log governance/health_score"
    ),
    "C03_account_team_postsales": (
        "account/postsales_handoff account/account_health_report account/team_responsibilities "
        "account/expansion_tracker"
    ),
    "C04_customer_knowledge_hub": (
        "knowledge/customer_hub_config knowledge/use_case_library knowledge/architecture_decisions "
        "knowledge/learning_path"
    ),
    "C05_services_coordination": (
        "services/engagement_status services/milestone_tracker services/services_risk_register services/services_report"
    ),
    "C06_support_dse_engagement": (
        "support/support_profile support/case_log support/dse_engagement support/support_health"
    ),
    "C07_customer_advocacy": (
        "advocacy/reference_profile advocacy/success_stories advocacy/advocacy_log advocacy/permission_tracker"
    ),
}
POC = ("C01_customer_engagement", "C06_support_dse_engagement")
"""A proof of concept has two reference blueprints; the other tracks are generated with all seven."""

PEOPLE = ("Ines Valdez", "Mara Lindqvist", "Tomas Okafor", "Rui Tanaka", "Hana Novak", "Jonas Weber", "Aino Salo")
STAFF = ("dana.reyes", "lee.ito", "noor.haddad", "pat.olsen", "kim.moreau", "ana.duarte", "uma.pereira")
CSM, AE, SA, SUPPORT, SERVICES, MARKETING, DSE = STAFF
WHO = ("the warehouse team", "the sponsor", "both site leads", "the data office", "the night shift", "procurement")
DID = ("walked through", "agreed on", "asked for", "tested", "postponed", "signed off", "compared", "demonstrated")
WHAT = (
    "the cut-over plan for the second site",
    "the nightly import and its error list",
    "cycle counts with the new scanners",
    "the training material for newcomers",
    "access rights of the auditors",
    "the dashboard that the board will see",
    "reconciliation with the ledger",
)
THEN = (
    "next step by the end of the week",
    "follow-up sent with minutes and owners",
    "nothing blocks the plan",
    "one question stays open: who approves exceptions",
    "numbers to be confirmed against last month's",
    "a second session is booked",
)


class Engagement:
    """The content of one engagement; the same for the same seed, track and day."""

    def __init__(self, track: str, as_of: date, random: Random) -> None:
        self.track, self.as_of, self.random = track, as_of, random
        self.signed = as_of - timedelta(days=random.randint(190, 360))
        self.onboarded = self.signed + timedelta(days=7)
        self.age = (as_of - self.signed).days

    def blueprints(self) -> tuple[str, ...]:
        """The reference blueprints that it instantiates."""
        return POC if self.track == "poc" else tuple(BLUEPRINTS)

    def files(self) -> dict[str, Data]:
        """Every file by its path below the engagement."""
        content = {**self._engagement(), **self._success(), **self._account(), **self._knowledge()}
        content |= {**self._services(), **self._support(), **self._advocacy()}
        paths = [f"{path}.yaml" for name in self.blueprints() for path in BLUEPRINTS[name].split()]
        return {"blueprint.yaml": self._blueprint()} | {path: content[path.split("/")[1][:-5]] for path in paths}

    # the small change

    def ago(self, days: int) -> str:
        return (self.as_of - timedelta(days=days)).isoformat()

    def at(self, days: int, minutes: int) -> str:
        return f"{self.ago(days)}T{8 + minutes // 60:02}:{minutes % 60:02}:00Z"

    def since(self, days: int) -> str:
        return (self.signed + timedelta(days=days)).isoformat()

    def back(self, newest: int, least: int, most: int, *, reach: int | None = None) -> list[int]:
        """Days before the scan, oldest first: some entries from `reach` days (the signature) to `newest`."""
        reach = reach or self.age - 3
        count = self.random.randint(least, most)
        step = (reach - newest) / count
        return [round(newest + step * number) for number in range(count)][::-1]

    def sentence(self, parts: int = 1) -> str:
        sentences = []
        for _ in range(parts):
            who, did, what, then = (self.random.choice(words) for words in (WHO, DID, WHAT, THEN))
            sentences.append(f"{who} {did} {what}, {then}")
        return "; ".join(sentences)[0].upper() + "; ".join(sentences)[1:]

    def stamp(self, days: int, who: str = CSM) -> Data:
        return {"last_updated": self.ago(days), "updated_by": who}

    # the files

    def _blueprint(self) -> Data:
        return {
            "version": "1.0",
            "archetype": "post_sales_governance",
            "track": self.track,
            "metadata": {
                "name": self.sentence()[:60].strip(),
                "owner": CSM,
                "created": self.since(0),
                "last_updated": self.ago(10),
            },
            "status": "active",
            "lifecycle": {
                "contract_signed": self.since(0),
                "onboarded": self.onboarded.isoformat(),
                "go_live": self.since(90),
                "services_engaged": self.since(9),
                "engagement_ends": self.ago(-200),
                "renewal": self.ago(-210),
            },
            "team": {
                "CSM": CSM,
                "AE": AE,
                "SA": SA,
                "Support Lead": SUPPORT,
                "Services Delivery Manager": SERVICES,
                "Customer Marketing": MARKETING,
            },
            "reference_blueprints": [{"id": name} for name in self.blueprints()],
            "playbooks": [
                {"id": "PB_175", "status": "completed", "completed_on": self.since(4)},
                {"id": "PB_167", "status": "completed", "completed_on": self.since(5)},
                {"id": "PB_168", "status": "active"},
            ],
            "changelog": [
                {"timestamp": f"{self.ago(days)}T10:00:00Z", "action": "review", "details": self.sentence()}
                for days in self.back(10, 4, 9)
            ],
        }

    def _engagement(self) -> dict[str, Data]:
        rhythm = {"premium": "bi-weekly", "fast_track": "weekly"}.get(self.track, "monthly")
        roles = ("executive_sponsor", "champion", "technical_owner", "end_user", "influencer")
        return {
            "customer_profile": {
                **self.stamp(9),
                "provenance": {"created_by": CSM, "created_at": self.since(0), "source": "kick-off workshop"},
                "customer": f"{self.random.choice(('Northwind', 'Helios', 'Bluefin', 'Cedar'))} Logistics",
                "segment": "high_touch",
                "arr": self.random.randrange(40_000, 900_000, 1_000),
                "stakeholders": [
                    {
                        "name": name,
                        "role": role,
                        "title": self.random.choice(("COO", "Head of data", "Site lead", "Controller")),
                        "email": f"{name.split()[0].lower()}@customer.example",
                        "relationship": self.random.randint(2, 5),
                    }
                    for name, role in zip(PEOPLE, roles, strict=False)
                ],
                "preferences": {"channels": ["video", "email"]},
                "business_goals": [self.sentence() for _ in range(4)],
                "completed_at": self.since(5),
            },
            "touchpoint_log": {
                **self.stamp(2),
                "touchpoints": [
                    {
                        "id": f"TP-{number:03}",
                        "date": self.ago(days),
                        "type": "qbr" if days in self._reviews() else "check_in",
                        "channel": self.random.choice(("video", "call", "email", "in_person")),
                        "participants": {"customer": self.random.sample(PEOPLE, 2), "vendor": [CSM]},
                        "summary": self.sentence(self.random.choice((1, 1, 2))),
                        "sentiment": self.random.choice(("positive", "neutral")),
                    }
                    for number, days in enumerate(sorted({*self.back(4, 22, 42), *self._reviews()}, reverse=True), 1)
                ],
            },
            "engagement_plan": {
                **self.stamp(12),
                "cadence": {"check_in": rhythm, "qbr": "quarterly"},
                "planned": [
                    {
                        "date": self.ago(-3 - 5 * number),
                        "type": "check_in",
                        "owner": CSM,
                        "audience": self.random.choice(WHO),
                    }
                    for number in range(self.random.randint(8, 16))
                ],
            },
            "sentiment_tracker": {
                **self.stamp(9),
                "entries": [
                    {
                        "date": self.ago(days),
                        "source": self.random.choice(("nps", "csat", "ces")),
                        "label": "positive",
                        "score": self.random.randint(6, 10),
                        "stakeholder": self.random.choice(PEOPLE),
                    }
                    for days in self.back(9, 20, 40)
                ],
            },
        }

    def _reviews(self) -> tuple[int, ...]:
        """Days before the scan on which the business was reviewed."""
        return (20, 48, 78, 109, 140, 171)

    def _success(self) -> dict[str, Data]:
        metrics = ("weekly active users", "sites connected", "orders a day")
        measured = self.back(1, 14, 18, reach=150)
        return {
            "success_plan": {
                **self.stamp(15),
                "owner": CSM,
                "created_at": self.since(20),
                "reviewed_at": self.ago(30),
                "objectives": [
                    {
                        "id": f"OBJ-{number}",
                        "outcome": self.sentence(),
                        "metric": metrics[number % 3],
                        "target": 100 * number,
                        "baseline": 10 * number,
                        "due": self.ago(-60 * number),
                    }
                    for number in range(1, 5)
                ],
                "milestones": [
                    {
                        "title": self.sentence()[:50].strip(),
                        "due": self.ago(-30 * number),
                        "status": "in_progress",
                        "success_criteria": self.sentence(),
                    }
                    for number in range(1, 6)
                ],
                "risks": [{"risk": self.sentence(), "mitigation": self.sentence()} for _ in range(3)],
            },
            "adoption_metrics": {
                **self.stamp(1),
                "metrics": [{"name": name, "target": 400, "unit": "a week"} for name in metrics],
                "measurements": [
                    {"date": self.ago(days), "metric": name, "value": 60 + 3 * row}
                    for row, days in enumerate(measured)
                    for name in metrics
                ],
            },
            "intervention_log": {
                **self.stamp(1),
                "interventions": [
                    {
                        "id": f"IV-{number}",
                        "opened_at": self.ago(days),
                        "trigger": self.sentence(),
                        "action": self.sentence(),
                        "owner": self.random.choice(STAFF),
                        "status": "closed",
                        "outcome": self.sentence(),
                        "closed_at": self.ago(days - 2),
                    }
                    for number, days in enumerate(self.back(12, 6, 12), 1)
                ],
            },
            "health_score": {
                **self.stamp(1),
                "score": 82,
                "trend": "improving",
                "status": "healthy",
                "calculated_at": self.ago(0),
                "components": [
                    {"name": "adoption", "weight": 0.5, "score": 80},
                    {"name": "engagement", "weight": 0.3, "score": 88},
                    {"name": "support", "weight": 0.2, "score": 78},
                ],
                "bands": {"healthy": 80, "stable": 65, "at_risk": 50, "critical": 30, "emergency": 0},
                "history": [
                    {"date": self.ago(days), "score": self.random.randint(70, 90)} for days in self.back(7, 25, 55)
                ],
                "method": {"poc": "manual", "economy": "scheduled"}.get(self.track, "real_time"),
            },
        }

    def _account(self) -> dict[str, Data]:
        kinds = dict.fromkeys(self._reviews(), "qbr")
        return {
            "postsales_handoff": {
                **self.stamp(self.age - 5, AE),
                "status": "completed",
                "completed_at": self.since(4),
                "from": AE,
                "to": CSM,
                "deal_context": {name: self.sentence() for name in ("why_buy", "why_now", "why_us")},
                "stakeholders": [{"name": name, "role": "champion"} for name in PEOPLE[:4]],
                "success_criteria": [
                    {"objective": self.sentence(), "metric": "sites connected", "timeline": "nine months"}
                    for _ in range(3)
                ],
                "risks": [self.sentence() for _ in range(3)],
                "commercial": {"arr": 240_000, "term_months": 24, "renewal_date": self.ago(-210)},
            },
            "account_health_report": {
                **self.stamp(12, AE),
                "reviews": [
                    {
                        "date": self.ago(days),
                        "type": kinds.get(days, "monthly"),
                        "reviewer": AE,
                        "summary": self.sentence(2),
                        "actions": [self.sentence()] if days in kinds else [],
                    }
                    for days in sorted({*self.back(12, 6, 10), *kinds}, reverse=True)
                ],
            },
            "team_responsibilities": {
                **self.stamp(45, AE),
                "activities": [
                    {
                        "name": self.sentence()[:40].strip(),
                        "accountable": self.random.choice(STAFF),
                        "responsible": self.random.sample(STAFF, 2),
                        "consulted": self.random.sample(STAFF, 2),
                        "critical": number == 0,
                    }
                    for number in range(self.random.randint(6, 12))
                ],
                "acknowledgements": [{"name": name, "date": self.since(12)} for name in STAFF],
            },
            "expansion_tracker": {
                **self.stamp(10, AE),
                "reviewed_at": self.ago(30),
                "opportunities": [
                    {
                        "id": f"OP-{number}",
                        "type": self.random.choice(("seats", "upsell", "usage")),
                        "stage": self.random.choice(("qualified", "proposed", "closed")),
                        "owner": AE,
                        "next_step": self.sentence(),
                        "value": 1_000 * number,
                        "updated_at": self.ago(10),
                    }
                    for number in range(1, self.random.randint(8, 14))
                ],
            },
        }

    def _knowledge(self) -> dict[str, Data]:
        return {
            "customer_hub_config": {
                **self.stamp(60),
                "initialized_at": self.since(17),
                "owner": CSM,
                "sections": [{"title": what} for what in WHAT],
                "access": [
                    {"role": "Customer Admin", "level": "admin"},
                    {"role": "Customer Technical Lead", "level": "write"},
                ],
            },
            "use_case_library": {
                **self.stamp(34),
                "use_cases": [
                    {
                        "id": f"UC-{number}",
                        "title": self.sentence()[:45].strip(),
                        "owner": self.random.choice(STAFF),
                        "status": self.random.choice(("documented", "live")),
                        "value": self.sentence(),
                    }
                    for number in range(1, self.random.randint(10, 20))
                ],
            },
            "architecture_decisions": {
                **self.stamp(15, SA),
                "decisions": [
                    {
                        "id": f"AD-{number}",
                        "title": self.sentence()[:45].strip(),
                        "date": self.ago(days),
                        "status": "accepted",
                        "rationale": self.sentence(2),
                    }
                    for number, days in enumerate(self.back(15, 6, 14), 1)
                ],
            },
            "learning_path": {
                **self.stamp(50, SA),
                "owner": SA,
                "audience": "site leads",
                "modules": [
                    {"id": f"LM-{number}", "title": self.sentence()[:45].strip(), "order": number}
                    for number in range(1, self.random.randint(12, 24))
                ],
            },
        }

    def _services(self) -> dict[str, Data]:
        return {
            "engagement_status": {
                **self.stamp(0, SERVICES),
                "state": "active",
                "owner": SERVICES,
                "started_at": self.since(9),
                "syncs": [{"date": self.ago(days), "summary": self.sentence()} for days in self.back(0, 20, 40)],
            },
            "milestone_tracker": {
                **self.stamp(28, SERVICES),
                "milestones": [
                    {
                        "id": f"MS-{number}",
                        "title": self.sentence()[:45].strip(),
                        "due": self.ago(days - 2),
                        "owner": SERVICES,
                        "status": "completed",
                        "completed_at": self.at(days, 60),
                        "recorded_at": self.at(days, 180),
                    }
                    for number, days in enumerate(self.back(28, 8, 14), 1)
                ],
            },
            "services_risk_register": {
                **self.stamp(2, SERVICES),
                "risks": [
                    {
                        "id": f"RK-{number}",
                        "title": self.sentence()[:45].strip(),
                        "severity": self.random.choice(("critical", "high", "medium", "low")),
                        "status": self.random.choice(("mitigated", "closed")),
                        "owner": SERVICES,
                        "identified_at": self.at(days, 0),
                        "escalated_at": self.at(days, 90),
                        "mitigation": self.sentence(),
                    }
                    for number, days in enumerate(self.back(5, 10, 18), 1)
                ],
            },
            "services_report": {
                **self.stamp(0, SERVICES),
                "reports": [
                    {
                        "date": self.ago(days),
                        "type": "status",
                        "rag": self.random.choice(("green", "amber")),
                        "summary": self.sentence(),
                        "author": SERVICES,
                    }
                    for days in self.back(0, 20, 30)
                ],
            },
        }

    def _support(self) -> dict[str, Data]:
        return {
            "support_profile": {
                **self.stamp(70, SUPPORT),
                "tier": {"poc": "basic", "economy": "standard"}.get(self.track, "premium"),
                "contacts": [{"name": name, "role": "technical owner", "channel": "email"} for name in PEOPLE[:3]],
                "escalation_contacts": [{"name": PEOPLE[0], "role": "sponsor", "channel": "phone"}],
                "sla": [{"severity": "critical", "response_hours": 1}, {"severity": "high", "response_hours": 4}],
            },
            "case_log": {
                **self.stamp(1, SUPPORT),
                "cases": [
                    {
                        "id": f"CS-{number}",
                        "subject": self.sentence()[:60].strip(),
                        "severity": self.random.choice(("critical", "high", "medium", "low")),
                        "status": self.random.choice(("resolved", "closed")),
                        "opened_at": self.at(days, 10),
                        "escalated_at": self.at(days, 45),
                        "resolved_at": self.at(days - 1, 300),
                    }
                    for number, days in enumerate(self.back(3, 20, 40), 1)
                ],
            },
            "dse_engagement": {
                **self.stamp(2, SUPPORT),
                "assigned": True,
                "assigned_at": self.since(10),
                "engineer": DSE,
                "activities": [
                    {"date": self.ago(days), "type": "health check", "outcome": self.sentence()}
                    for days in self.back(4, 12, 24)
                ],
            },
            "support_health": {
                **self.stamp(2, SUPPORT),
                "metrics": {"open_cases": 1, "csat": 4.6, "median_resolution_hours": 19.5},
                "trend": "stable",
                "reviews": [
                    {"date": self.ago(days), "reviewer": SUPPORT, "summary": self.sentence()}
                    for days in self.back(3, 14, 24)
                ],
            },
        }

    def _advocacy(self) -> dict[str, Data]:
        return {
            "reference_profile": {
                **self.stamp(30, MARKETING),
                "qualifying": True,
                "reference_types": ["call", "case study"],
                "restrictions": ["no logo"],
                "contact": PEOPLE[1],
                "candidate_reviews": [
                    {"date": self.ago(days), "reviewer": MARKETING, "decision": self.sentence()}
                    for days in self.back(30, 3, 6)
                ],
            },
            "success_stories": {
                **self.stamp(25, MARKETING),
                "stories": [
                    {
                        "id": f"ST-{number}",
                        "title": self.sentence()[:50].strip(),
                        "status": "published",
                        "date": self.ago(days),
                        "outcome": {"metric": "sites connected", "before": 2, "after": 5},
                        "anonymized": False,
                        "permission_id": "PM-1",
                    }
                    for number, days in enumerate(self.back(25, 2, 5, reach=100), 1)
                ],
            },
            "advocacy_log": {
                **self.stamp(60, MARKETING),
                "uses": [
                    {
                        "id": f"US-{number}",
                        "date": self.ago(days),
                        "requested_by": AE,
                        "type": "call",
                        "permission_id": "PM-1",
                        "outcome": self.sentence(),
                    }
                    for number, days in enumerate(self.back(60, 4, 9, reach=140), 1)
                ],
            },
            "permission_tracker": {
                **self.stamp(55, MARKETING),
                "permissions": [
                    {
                        "id": f"PM-{number}",
                        "scope": "public",
                        "granted_by": PEOPLE[0],
                        "granted_at": self.ago(150),
                        "expires_at": self.ago(-210),
                        "status": "active",
                    }
                    for number in range(1, 4)
                ],
            },
        }


Fault = Callable[[dict[str, Data], Random], None]


def _miss(files: dict[str, Data], random: Random) -> None:
    del files[random.choice([path for path in files if path != "blueprint.yaml"])]


def _age(files: dict[str, Data], random: Random) -> None:
    path = random.choice([path for path in files if path != "blueprint.yaml"])
    files[path]["last_updated"] = "2025-01-15"


def _omit(files: dict[str, Data], random: Random) -> None:
    path = random.choice([path for path in files if path != "blueprint.yaml"])
    lists = [value for value in files[path].values() if isinstance(value, list) and value]
    entries = next((items for items in lists if isinstance(items[0], dict) and len(items[0]) > 1), None)
    if entries:
        del entries[0][next(iter(entries[0]))]


def _invent(files: dict[str, Data], random: Random) -> None:
    files[random.choice(list(files))]["remarks_to_self"] = "tidy up later"


def _silence(files: dict[str, Data], _: Random) -> None:
    log = files.get("engagement/touchpoint_log.yaml")
    if log:
        log["touchpoints"] = log["touchpoints"][:5]


def _repeat(files: dict[str, Data], _: Random) -> None:
    cases = files.get("support/case_log.yaml")
    if cases:
        cases["cases"][-1]["id"] = cases["cases"][-2]["id"]


FAULTS: tuple[Fault, ...] = (_miss, _age, _omit, _invent, _silence, _repeat)
"""What is done to a broken engagement, some of it to each."""
