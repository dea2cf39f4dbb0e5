import CrateLanguage

/// Functions that make and change pictures, in the order of help.
func mediaFunctions(_ session: Session) -> [NativeFunction] { plotFunctions() + imageFunctions() + [dirToGIFFunction(session)] }
