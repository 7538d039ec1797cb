export { ChannelRegistry } from './channels/channel-registry.js';
export {
  type Channel,
  FAILURE_REASONS,
  type FailureReason,
  type Notification,
  type Notifier,
  type Outcome,
} from './channels/notifier.js';
