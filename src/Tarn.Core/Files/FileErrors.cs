using Tarn.Core.Errors;

namespace Tarn.Core.Files;

/// <summary>Reads the exceptions of <see cref="System.IO"/>: which failure of the operating system stands behind them.</summary>
public static class FileErrors
{
    // Numbers of errno(3): Linux asm-generic/errno.h; macOS sys/errno.h where it differs. Windows: winerror.h.
    private const int NotPermitted = 1, InputOutput = 5, Access = 13, Exists = 17, CrossDevice = 18, NotAFolder = 20, TooManyInSystem = 23,
        TooManyInProcess = 24, TooBig = 27, NoSpace = 28, ReadOnlyVolume = 30;

    private static readonly int NameTooLong = OperatingSystem.IsLinux() ? 36 : 63;
    private static readonly int QuotaExceeded = OperatingSystem.IsLinux() ? 122 : 69;
    private static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>Whether an operation failed because the name it wanted to create is taken.</summary>
    public static bool IsAlreadyThere(IOException error) => Code(error) is Exists or WindowsCodes.FileExists or WindowsCodes.AlreadyExists;

    /// <summary>Whether a rename failed because both names lie on different volumes.</summary>
    public static bool IsOtherVolume(IOException error) => Code(error) is CrossDevice or WindowsCodes.NotSameDevice;

    /// <summary>Whether an open failed because somebody holds a lock.</summary>
    public static bool IsLocked(IOException error) =>
        Code(error) is WindowsCodes.SharingViolation or WindowsCodes.LockViolation || Code(error) == WouldBlock;

    /// <summary>Whether a path component that should be a folder is a file.</summary>
    public static bool IsNotAFolder(IOException error) => Code(error) == NotAFolder;

    /// <summary>An exception as the operating system would raise it, for other implementations of <see cref="IFileSystem"/>.</summary>
    public static IOException Create(FileFailure failure, string path) => failure switch
    {
        FileFailure.AlreadyThere => new IOException($"File exists: '{path}'.", Exists),
        FileFailure.OtherVolume => new IOException($"Cross-device link: '{path}'.", CrossDevice),
        FileFailure.NoSpace => new IOException($"No space left on device: '{path}'.", NoSpace),
        FileFailure.ReadOnlyVolume => new IOException($"Read-only file system: '{path}'.", ReadOnlyVolume),
        FileFailure.NotAFolder => new IOException($"Not a directory: '{path}'.", NotAFolder),
        _ => new IOException($"Input/output error: '{path}'.", InputOutput),
    };

    /// <summary>The error to show for a failed file operation.</summary>
    /// <param name="error">What the file system threw.</param>
    /// <param name="what">What was being done to what, in the user's words, e.g. <c>Cannot write 's3://lake/x'</c>; no full stop.</param>
    /// <param name="path">The local path concerned.</param>
    public static TarnException Translate(Exception error, string what, string path)
    {
        var (kind, reason) = error switch
        {
            FileNotFoundException or DirectoryNotFoundException => (ErrorKind.NotFound, "does not exist; check the location, or map its prefix to where the files lie now"),
            UnauthorizedAccessException => (ErrorKind.PermissionDenied, "this user may not do that there; grant the right or run as its owner"),
            PathTooLongException => (ErrorKind.InvalidRequest, "the path is longer than the file system allows"),
            IOException io => Classify(io),
            _ => (ErrorKind.Internal, error.Message),
        };
        // The words of the operating system name the path too.
        string told = error.Message.StartsWith(reason, StringComparison.Ordinal) ? "the file system of the server reports an error, which its log tells" : reason;
        return new TarnException(kind, $"{what}: '{path}': {reason}.", error) { ClientMessage = $"{what}: {told}." };
    }

    /// <summary>The error to show for what a file holds, or that it is not there.</summary>
    /// <param name="kind">How the caller should react.</param>
    /// <param name="path">The local path.</param>
    /// <param name="name">What clients of a server know the file as.</param>
    /// <param name="state">What is wrong with it, and the way out.</param>
    public static TarnException At(ErrorKind kind, string path, string name, string state) => new(kind, $"'{path}' {state}") { ClientMessage = $"{name} {state}" };

    private static (ErrorKind Kind, string Reason) Classify(IOException error)
    {
        int code = Code(error);
        return code switch
        {
            NoSpace or WindowsCodes.DiskFull or WindowsCodes.HandleDiskFull => (ErrorKind.ResourceExhausted, "the disk is full; free space and try again"),
            TooManyInProcess or TooManyInSystem => (ErrorKind.ResourceExhausted, "too many open files; raise the limit (ulimit -n)"),
            TooBig => (ErrorKind.ResourceExhausted, "the file is larger than the file system allows"),
            ReadOnlyVolume or WindowsCodes.WriteProtect => (ErrorKind.PermissionDenied, "the file system is read-only; choose another folder or remount it for writing"),
            Access or NotPermitted => (ErrorKind.PermissionDenied, "this user may not do that there; grant the right or run as its owner"),
            NotAFolder => (ErrorKind.InvalidRequest, "a part of the path is a file where a folder is needed"),
            InputOutput => (ErrorKind.Unavailable, "the disk reports an input/output error; check the device"),
            _ when code == QuotaExceeded => (ErrorKind.ResourceExhausted, "the disk quota is used up; free space or raise it"),
            _ when code == NameTooLong => (ErrorKind.InvalidRequest, "a name in the path is longer than the file system allows"),
            _ => (ErrorKind.Unavailable, error.Message.TrimEnd('.')),
        };
    }

    // .NET puts errno itself, or 0x8007xxxx on Windows, into HResult.
    private static int Code(IOException error) => error.HResult;

    private static class WindowsCodes
    {
        public const int NotSameDevice = unchecked((int)0x80070011);
        public const int WriteProtect = unchecked((int)0x80070013);
        public const int SharingViolation = unchecked((int)0x80070020);
        public const int LockViolation = unchecked((int)0x80070021);
        public const int HandleDiskFull = unchecked((int)0x80070027);
        public const int FileExists = unchecked((int)0x80070050);
        public const int DiskFull = unchecked((int)0x80070070);
        public const int AlreadyExists = unchecked((int)0x800700B7);
    }
}

/// <summary>Failures that a file system of a test raises.</summary>
public enum FileFailure
{
    /// <summary>The name to create is taken.</summary>
    AlreadyThere,

    /// <summary>A rename between volumes.</summary>
    OtherVolume,

    /// <summary>The disk is full.</summary>
    NoSpace,

    /// <summary>The volume is read-only.</summary>
    ReadOnlyVolume,

    /// <summary>A component of the path is a file.</summary>
    NotAFolder,

    /// <summary>The device failed.</summary>
    InputOutput,
}
