export const MAX_SLUG_LENGTH = 63;
export const SLUG_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** `Zürich, production` becomes `zurich-production`; a name without a Latin letter or digit becomes `environment`. */
export function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return trimToLength(words.join('-'), MAX_SLUG_LENGTH) || 'environment';
}

/** `berlin`, `berlin-2`, `berlin-3`, ... */
export function numberedSlug(slug: string, attempt: number): string {
  if (attempt <= 1) return slug;
  const suffix = `-${attempt}`;
  return trimToLength(slug, MAX_SLUG_LENGTH - suffix.length) + suffix;
}

function trimToLength(slug: string, length: number): string {
  return slug.slice(0, length).replace(/-+$/, '');
}
