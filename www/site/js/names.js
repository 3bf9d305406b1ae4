/** `admission_date` as JavaScript writes it: `admissionDate`. */
export const camelCase = name => name.replace(/_+(.?)/gu, (_, next) => next.toUpperCase())
