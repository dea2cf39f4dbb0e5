extension CrateShell {
    static let version = "0.1.0"

    static let usage = """
        crate versions what a pipeline produces: artifacts, logs and backups.

        Usage
          crate                          a prompt; or, when standard input is no terminal, the program read from it
          crate FILE [ARGUMENTS…]        runs a script
          crate -c TEXT [ARGUMENTS…]     runs a text
          crate COMMAND [ARGUMENTS…]     runs one command: crate show_files snapshots --depth 2
                                         (--name value and --name=value are named arguments; ./FILE is always a script)

        Options, before all else
          --color auto|always|never      colour; auto is on terminals only, and never with NO_COLOR set
          --seed NUMBER                  makes random draws repeatable
          -h, --help                     this page; crate COMMAND --help explains a command, crate help lists them
          -V, --version                  the version

        Exit status: 0 done, 1 a command failed, 2 wrong use or a program that doesn't parse, 130 interrupted.

        """
}
