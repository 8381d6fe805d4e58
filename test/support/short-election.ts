// One question, for tests that need a whole day and not what is on the ballot.

export const shortElection = `title: آزمایش
kind: test
station: { number: 7, name: بهار }
policy: { capacity: 40, k: 3 }
styles:
  - { id: 1, contests: [1] }
contests:
  - { id: 1, kind: question, title: پرسش, options: [{ code: 1, name: آری }, { code: 2, name: نه }] }
`;
