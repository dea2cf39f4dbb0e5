import CrateShell
import Glibc

exit(CrateShell.run(Array(CommandLine.arguments.dropFirst())))
