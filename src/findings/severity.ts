export type Severity = 'blocker' | 'warning' | 'note';
