import CrateShell
import Glibc

exit(CrateShell.run(ProcessArguments.all))
