using System.Collections.Frozen;
using Tarn.Core.Errors;

namespace Tarn.DuckDb;

/// <summary>Reads DuckDB's error types and messages.</summary>
internal static class DuckDbErrors
{
    // The words before " Error: " in a message: Exception::ExceptionTypeToString in DuckDB's common/exception.cpp.
    private static readonly FrozenDictionary<string, DuckDbErrorType> TypesByPrefix = new Dictionary<string, DuckDbErrorType>
    {
        ["Out of Range"] = DuckDbErrorType.OutOfRange,
        ["Conversion"] = DuckDbErrorType.Conversion,
        ["Unknown Type"] = DuckDbErrorType.UnknownType,
        ["Decimal"] = DuckDbErrorType.Decimal,
        ["Mismatch Type"] = DuckDbErrorType.MismatchType,
        ["Divide by Zero"] = DuckDbErrorType.DivideByZero,
        ["Object Size"] = DuckDbErrorType.ObjectSize,
        ["Invalid type"] = DuckDbErrorType.InvalidType,
        ["Serialization"] = DuckDbErrorType.Serialization,
        ["TransactionContext"] = DuckDbErrorType.Transaction,
        ["Not implemented"] = DuckDbErrorType.NotImplemented,
        ["Expression"] = DuckDbErrorType.Expression,
        ["Catalog"] = DuckDbErrorType.Catalog,
        ["Parser"] = DuckDbErrorType.Parser,
        ["Binder"] = DuckDbErrorType.Binder,
        ["Planner"] = DuckDbErrorType.Planner,
        ["Scheduler"] = DuckDbErrorType.Scheduler,
        ["Executor"] = DuckDbErrorType.Executor,
        ["Constraint"] = DuckDbErrorType.Constraint,
        ["Index"] = DuckDbErrorType.Index,
        ["Stat"] = DuckDbErrorType.Stat,
        ["Connection"] = DuckDbErrorType.Connection,
        ["Syntax"] = DuckDbErrorType.Syntax,
        ["Settings"] = DuckDbErrorType.Settings,
        ["Optimizer"] = DuckDbErrorType.Optimizer,
        ["NullPointer"] = DuckDbErrorType.NullPointer,
        ["IO"] = DuckDbErrorType.IO,
        ["INTERRUPT"] = DuckDbErrorType.Interrupt,
        ["FATAL"] = DuckDbErrorType.Fatal,
        ["INTERNAL"] = DuckDbErrorType.Internal,
        ["Invalid Input"] = DuckDbErrorType.InvalidInput,
        ["Out of Memory"] = DuckDbErrorType.OutOfMemory,
        ["Permission"] = DuckDbErrorType.Permission,
        ["Parameter Not Resolved"] = DuckDbErrorType.ParameterNotResolved,
        ["Parameter Not Allowed"] = DuckDbErrorType.ParameterNotAllowed,
        ["Dependency"] = DuckDbErrorType.Dependency,
        ["Missing Extension"] = DuckDbErrorType.MissingExtension,
        ["HTTP"] = DuckDbErrorType.Http,
        ["Extension Autoloading"] = DuckDbErrorType.Autoload,
        ["Sequence"] = DuckDbErrorType.Sequence,
        ["Invalid Configuration"] = DuckDbErrorType.InvalidConfiguration,
    }.ToFrozenDictionary();

    /// <summary>The type that a message names in its first words; <see cref="DuckDbErrorType.Invalid"/> when it names none.</summary>
    internal static DuckDbErrorType TypeOf(string message)
    {
        var end = message.IndexOf(" Error: ", StringComparison.Ordinal);
        return end > 0 && TypesByPrefix.TryGetValue(message[..end], out var type) ? type : DuckDbErrorType.Invalid;
    }

    /// <summary>How a caller should react to an error.</summary>
    internal static ErrorKind KindOf(DuckDbErrorType type, string message) => type switch
    {
        _ when InvalidatesInstance(type, message) => ErrorKind.Internal,
        DuckDbErrorType.Catalog or DuckDbErrorType.Binder when message.Contains("does not exist", StringComparison.Ordinal) => ErrorKind.NotFound,
        DuckDbErrorType.Catalog when message.Contains("could not be found", StringComparison.Ordinal) => ErrorKind.NotFound,
        DuckDbErrorType.Catalog when message.Contains("already exists", StringComparison.Ordinal) => ErrorKind.AlreadyExists,
        DuckDbErrorType.OutOfMemory => ErrorKind.ResourceExhausted,
        DuckDbErrorType.IO => KindOfIO(message),
        DuckDbErrorType.Permission => ErrorKind.PermissionDenied,
        DuckDbErrorType.NotImplemented or DuckDbErrorType.MissingExtension or DuckDbErrorType.Autoload => ErrorKind.Unsupported,
        DuckDbErrorType.Transaction when message.Contains("Conflict", StringComparison.OrdinalIgnoreCase) => ErrorKind.Conflict,
        DuckDbErrorType.Http or DuckDbErrorType.Network or DuckDbErrorType.Connection => ErrorKind.Unavailable,
        DuckDbErrorType.Serialization or DuckDbErrorType.DataCorruption => ErrorKind.DataCorrupted,
        DuckDbErrorType.InvalidInput when message.Contains("No magic bytes", StringComparison.Ordinal) => ErrorKind.DataCorrupted,
        _ => ErrorKind.InvalidRequest,
    };

    internal static bool SaysDiskFull(string message) =>
        message.Contains("No space left", StringComparison.OrdinalIgnoreCase) || message.Contains("disk full", StringComparison.OrdinalIgnoreCase);

    private static ErrorKind KindOfIO(string message)
    {
        bool Says(string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
        if (SaysDiskFull(message) || Says("quota exceeded") || Says("Too many open files"))
            return ErrorKind.ResourceExhausted;
        if (Says("No such file") || Says("No files found") || Says("does not exist"))
            return ErrorKind.NotFound;
        if (Says("Permission denied") || Says("Read-only file system"))
            return ErrorKind.PermissionDenied;
        return Says("lock on file") ? ErrorKind.Unavailable : ErrorKind.DataCorrupted;
    }

    /// <summary>True for errors after which DuckDB refuses every further statement of the instance.</summary>
    internal static bool InvalidatesInstance(DuckDbErrorType type, string message) =>
        type is DuckDbErrorType.Fatal or DuckDbErrorType.Internal
        || message.Contains("database has been invalidated", StringComparison.Ordinal);

    /// <summary>The exception for an error of a statement: cancelled when it was interrupted.</summary>
    /// <param name="type">The type, or <see cref="DuckDbErrorType.Invalid"/> to read it from the message.</param>
    /// <param name="message">DuckDB's message.</param>
    /// <param name="sql">The statement; null when there is none, then no position is sought.</param>
    /// <param name="cancellation">The token that the caller passed.</param>
    /// <param name="cause">What a callback in C# threw, when that is the reason.</param>
    internal static Exception Create(
        DuckDbErrorType type, string? message, string? sql, CancellationToken cancellation = default, Exception? cause = null)
    {
        message ??= "DuckDB failed without a message.";
        if (type == DuckDbErrorType.Invalid)
            type = TypeOf(message);
        return type == DuckDbErrorType.Interrupt || cause is OperationCanceledException
            ? new OperationCanceledException("The statement was interrupted.", cancellation)
            : new DuckDbException(type, message, sql is null ? null : DuckDbErrorText.FindPosition(message, sql), cause);
    }
}
