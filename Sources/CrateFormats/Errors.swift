// What every codec throws belongs to this room's face, though it stands below; one declaration, whichever room it is found through.
@_exported import struct CrateValues.FormatError
