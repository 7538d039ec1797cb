import { Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';

/** Tells the parts of this process that wait for events that one was just committed here. */
@Injectable()
export class CommitSignal {
  private readonly subject = new Subject<void>();
  readonly committed: Observable<void> = this.subject.asObservable();

  emit(): void {
    this.subject.next();
  }
}
