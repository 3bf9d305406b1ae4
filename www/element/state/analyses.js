// Whether the engine at hand can make analyses, now. Where it cannot, what needs them is left out.

export const canAnalyse = rules => rules?.isComplete === true && typeof rules.bounds === 'function' && typeof rules.curve === 'function' && typeof rules.compare === 'function'
