/** RFC 9457 problem document, as our API answers every failure. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly requestId?: string;
  readonly errors?: readonly Issue[];
}

export interface Issue {
  readonly path: string;
  readonly message: string;
  /** Where it stands in a text, from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
    this.problem = problem;
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const fallback = { title: response.statusText || 'The request failed', status: response.status };
  try {
    const body = (await response.json()) as Partial<Problem>;
    return { ...fallback, ...body, status: response.status };
  } catch {
    return fallback;
  }
}
