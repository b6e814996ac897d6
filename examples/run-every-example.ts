// Every example in the documentation of every service is a test; this runs them all and says what does not hold.
const services = ['tokenizer', 'model', 'memory', 'scheduler', 'computation', 'code', 'auth'] as const;

const reports = [];
const failures = [];
for (const service of services) {
  const { passed, failed, duration_ms, cases } = await tester.runServiceTests(service);
  reports.push({ service, passed, failed, ms: Math.round(duration_ms) });
  for (const each of cases.filter((one) => !one.passed)) {
    failures.push({
      service,
      endpoint: each.endpoint,
      case: each.name,
      // The first thing that differs, or the first rule that does not hold.
      why: each.diff[0] ?? each.rules.find((rule) => !rule.passed),
    });
  }
}

table(reports, { title: 'Examples of every service' });
plot({
  kind: 'bar',
  title: 'Cases',
  labels: [...services],
  series: {
    passed: reports.map((each) => each.passed),
    failed: reports.map((each) => each.failed),
  },
});

if (failures.length > 0) {
  table(failures, { title: 'What failed' });
  print.warn(`${failures.length} cases failed.`);
} else {
  print('Every case passed.');
}

export {}; // oxlint-disable-line unicorn/require-module-specifiers -- makes this file a module for the type checker
