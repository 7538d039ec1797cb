/** What the operator must be told once, after the first start: the administrator's password, say. */
export abstract class FirstRunNotice {
  /** Lines for the banner; empty on later starts. */
  abstract notices(): readonly string[];
}
