extension Pickle {
    /// The top-level modules of Python's standard library, of Python 2 and 3. Few of their names are harmless, and those are listed
    /// one by one; all others count as dangerous, known attack or not.
    static let standardModules = Set(
        """
        2to3 __builtin__ __future__ _abc _aix_support _android_support _apple_support _ast _asyncio _bisect _blake2 _bootlocale
        _bootsubprocess _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections
        _collections_abc _colorize _compat_pickle _compression _contextvars _crypt _csv _ctypes _curses _curses_panel _datetime _dbm
        _decimal _dummy_thread _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib _heapq _imp
        _interpchannels _interpqueues _interpreters _io _ios_support _json _locale _lsprof _lzma _markupbase _md5 _msi _multibytecodec
        _multiprocessing _opcode _operator _osx_support _overlapped _pickle _posixshmem _posixsubprocess _py_abc _pydecimal _pyio
        _pyrepl _queue _random _scproxy _sha1 _sha256 _sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics
        _string _strptime _struct _symtable _testcapi _testimportmultiple _testinternalcapi _thread _threading_local _tkinter _tokenize
        _tracemalloc _typing _uuid _warnings _weakref _weakrefset _winapi _xxinterpchannels _xxsubinterpreters _zoneinfo abc aifc
        annotationlib antigravity anydbm argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex bisect
        bsddb builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys commands compileall compression
        concurrent configparser ConfigParser contextlib contextvars copy copy_reg copyreg cPickle cProfile crypt cStringIO csv ctypes
        curses dataclasses datetime dbhash dbm decimal difflib dis distutils doctest dumbdbm dummy_thread dummy_threading email
        encodings ensurepip enum errno exceptions faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib functools gc
        genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http httplib idlelib imaplib imghdr imp
        importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma macpath mailbox mailcap marshal math
        md5 mimetools mimetypes mimify mmap modulefinder msilib msvcrt multiprocessing netrc new nis nntplib nt ntpath nturl2path
        numbers opcode operator optparse os os2 ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib popen2
        poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat pythoncom queue Queue quopri
        random re readline reprlib resource rfc822 rlcompleter runpy sched secrets select selectors sets sha shelve shlex shutil signal
        site smtpd smtplib sndhdr socket socketserver SocketServer spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics
        string StringIO stringprep struct subprocess sunau symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile
        termios test textwrap this thread threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle
        turtledemo types typing unicodedata unittest urllib urllib2 urlparse user uu uuid venv warnings wave weakref webbrowser whichdb
        win32api win32com winreg winsound wsgiref xdrlib xml xmlrpc xmlrpclib zipapp zipfile zipimport zlib zoneinfo
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Modules of Python 2 that Python 3 still finds under their old names in protocols 0 to 2.
    static let renamedModules = Set(
        """
        BaseHTTPServer CGIHTTPServer Cookie Dialog DocXMLRPCServer FileDialog HTMLParser ScrolledText SimpleDialog SimpleHTTPServer
        SimpleXMLRPCServer Tix Tkconstants Tkdnd Tkinter UserDict UserList UserString _abcoll _winreg cookielib htmlentitydefs markupbase
        repr robotparser tkColorChooser tkCommonDialog tkFileDialog tkFont tkMessageBox tkSimpleDialog ttk
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Packages of others with which a pickle can run programs, evaluate text, open files or connections, or load further code.
    static let dangerousPackages = Set(
        """
        aiohttp asteval boto3 botocore celery cffi cloudpickle cppyy Cython dask dill distributed django docker eventlet execnet fabric flask
        fsspec future gevent git h5py httpx hydra invoke IPython ipykernel jedi jinja2 joblib jsonpickle lxml mako nbconvert notebook numexpr numba paramiko pexpect pip
        pkg_resources playwright plumbum psutil ptyprocess pycurl pytest _pytest pyximport Pyro4 Pyro5 ray requests rpyc selenium setuptools sh simpleeval
        six srsly sympy tornado traitlets twisted urllib3 werkzeug wheel yaml zmq
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Modules of larger libraries, with all below them.
    static let dangerousModules = Set(
        """
        torch._C torch._dynamo torch._export torch._functorch torch._inductor torch._ops torch.classes torch.compiler torch.distributed.elastic
        torch.distributed.launch torch.distributed.launcher torch.distributed.rpc torch.distributed.run torch.export torch.fx torch.hub
        torch.jit torch.library torch.multiprocessing torch.onnx torch.ops torch.package torch.profiler torch.serialization torch.testing
        torch.utils._config_module torch.utils.benchmark torch.utils.bottleneck torch.utils.collect_env torch.utils.cpp_extension
        torch.utils._cpp_extension_versioner torch.utils.data.datapipes torch.utils.hipify torch.utils.model_dump torch.utils.model_zoo
        torch.utils.show_pickle torch.utils.tensorboard torch._utils_internal
        numpy.ctypeslib numpy.distutils numpy.f2py numpy.lib._datasource numpy.lib.npyio numpy.lib._npyio_impl numpy.lib.format
        numpy.lib._format_impl numpy.lib.utils numpy.lib._utils_impl numpy.testing
        pandas.core.computation pandas.io pandas.eval pandas._testing scipy.io scipy.weave scipy._lib sklearn.datasets sklearn.externals
        sklearn.utils._testing keras.models keras.saving keras.src.saving keras.src.utils keras.utils tensorflow.io tensorflow.keras
        tensorflow.python.framework.load_library tensorflow.python.platform tensorflow.python.lib.io transformers.utils datasets.utils
        huggingface_hub
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Names that mean no good under whatever module they are reached: modules hold each other.
    static let dangerousNames = Set(
        """
        __import__ apply attrgetter breakpoint CDLL check_call check_output CodeType compile delattr eval exec exec_command exec_module
        execfile execv execve fdopen fromfile FunctionType genfromtxt get_file getattr getoutput getstatusoutput globals import_module
        InteractiveInterpreter itemgetter LambdaType load load_library load_module load_model load_url loads loadtxt locals memmap MethodType
        methodcaller open partial pipe_pager pipepager popen Popen read_csv read_hdf read_json read_parquet read_pickle read_sql
        run_module run_path runcode runcommand runsource runstring savetxt setattr spawn spawnv system unsafe_load urlopen urlretrieve vars
        WinDLL _load_from_bytes _lazy_call call_command exec_ File from_file get_method imread imsave import_item import_string imwrite
        instantiate main pickle_loads render_template_string save savez savez_compressed unpickle unsafe_eval
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Functions and types that only hold or name plain data. Those of the vocabularies are harmless, too.
    static let harmlessNames = Set(
        """
        builtins.int builtins.float builtins.str builtins.bool builtins.list builtins.dict builtins.tuple builtins.object builtins.type
        builtins.range builtins.slice builtins.NotImplementedType builtins.Ellipsis builtins.ellipsis
        array.array array._array_reconstructor collections.deque datetime.time datetime.timedelta datetime.timezone decimal.Decimal
        fractions.Fraction ipaddress.IPv4Address ipaddress.IPv4Network ipaddress.IPv6Address ipaddress.IPv6Network pathlib.Path
        pathlib.PosixPath pathlib.PurePath pathlib.PurePosixPath pathlib.PureWindowsPath pathlib.WindowsPath random.Random re._compile
        numpy.random._pickle.__bit_generator_ctor numpy.random._pickle.__generator_ctor numpy.random._pickle.__randomstate_ctor
        uuid.UUID uuid.SafeUUID argparse.Namespace types.SimpleNamespace zoneinfo.ZoneInfo zoneinfo.ZoneInfo._unpickle
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
