import CrateValues

/// What every codec throws.
public typealias FormatError = CrateValues.FormatError
