/** Where the text of a scenario comes from. */
export interface ScenarioSource {
  /** Name of the file in messages; paths in the scenario count from its folder. */
  readonly file: string;
  /**
   * Text of a file that the scenario names (include, manifest, recording).
   * @param path relative to the folder of `file` (or absolute), parts separated by `/`
   * @throws if there is none, or it may not be read; the message is shown
   */
  read(path: string): string;
  /** `services.cart.replicas` with `5`: set after includes, before validation. Values are YAML. */
  readonly overrides?: readonly { readonly path: string; readonly value: string }[];
}
