import CrateLanguage

/// Functions that make and change pictures and sounds, in the order of help.
func mediaFunctions(_ session: Session) -> [NativeFunction] {
    plotFunctions() + imageFunctions() + [dirToGIFFunction(session), gifToDirFunction(session)] + audioFunctions() + videoFunctions(session)
}
