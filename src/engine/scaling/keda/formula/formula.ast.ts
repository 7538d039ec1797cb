/** Types of expr-lang that a scaling formula can meet. Trigger values are `float`. */
export type FormulaType = 'integer' | 'float' | 'boolean' | 'list';

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '**' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||';

/** A checked formula as plain data, so that specs serialise. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number; readonly type: 'integer' | 'float' }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly type: 'boolean' }
  | { readonly kind: 'trigger'; readonly name: string; readonly type: 'float' }
  /** `#`: the list's element inside a predicate. */
  | { readonly kind: 'element'; readonly type: 'float' }
  | { readonly kind: 'list'; readonly items: readonly Formula[]; readonly type: 'list' }
  | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly operand: Formula; readonly type: FormulaType }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Formula;
      readonly right: Formula;
      readonly type: FormulaType;
    }
  | {
      readonly kind: 'conditional';
      readonly test: Formula;
      readonly then: Formula;
      readonly otherwise: Formula;
      readonly type: FormulaType;
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Formula[]; readonly type: FormulaType };

/** Why a formula is refused, with the place: the words become part of the field's message. */
export class FormulaError extends Error {}
