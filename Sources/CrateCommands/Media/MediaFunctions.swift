import CrateLanguage

/// Functions that make and change pictures, in the order of help.
func mediaFunctions() -> [NativeFunction] { plotFunctions() + imageFunctions() }
