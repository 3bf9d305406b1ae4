// Which analyses the engine at hand can make. Where it cannot, what needs them is left out.

export const canAnalyse = rules => typeof rules?.bounds === 'function' && typeof rules.curve === 'function' && typeof rules.compare === 'function'
