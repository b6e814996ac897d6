# Every example in the documentation of every service is a test; this runs them all and says what does not hold.
services = ["tokenizer", "model", "memory", "scheduler", "computation", "code", "auth"]

reports, failures = [], []
for service in services:
    report = await tester.run_service_tests(service)
    reports.append({"service": service, "passed": report["passed"], "failed": report["failed"], "ms": round(report["duration_ms"])})
    for case in report["cases"]:
        if not case["passed"]:
            broken = [rule for rule in case["rules"] if not rule["passed"]]
            # The first thing that differs, or the first rule that does not hold.
            failures.append({"service": service, "case": case["name"], "why": [*case["diff"], *broken][0]})

table(reports, title="Examples of every service")
plot(
    kind="bar",
    title="Cases",
    labels=services,
    series={state: [report[state] for report in reports] for state in ("passed", "failed")},
)
if failures:
    table(failures, title="What failed")
    print.warn(len(failures), "cases failed.")
else:
    print("Every case passed.")
