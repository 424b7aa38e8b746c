using Tarn.Catalog.Hive.Protocol;
using Tarn.Core.Errors;

namespace Tarn.Catalog.Hive;

/// <summary>Errors of the catalog as exceptions of the metastore.</summary>
internal static class HiveErrorMapping
{
    /// <summary>
    /// The exception for an error that a call has no own words for. Whether a commit was applied is not told by any of them but
    /// <see cref="HiveFault.Modified"/>: clients then look.
    /// </summary>
    public static HiveFault Map(TarnException error) => new(KindOf(error.Kind), ClientMessages.Of(error));

    /// <summary>The exception of a kind.</summary>
    public static HiveExceptionKind KindOf(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => HiveExceptionKind.NoSuchObject,
        ErrorKind.AlreadyExists => HiveExceptionKind.AlreadyExists,
        ErrorKind.InvalidRequest => HiveExceptionKind.InvalidOperation,
        ErrorKind.Unauthenticated or ErrorKind.PermissionDenied or ErrorKind.Conflict or ErrorKind.ResourceExhausted or ErrorKind.Unavailable
            or ErrorKind.Unsupported or ErrorKind.DataCorrupted or ErrorKind.Internal => HiveExceptionKind.Meta,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of error has no exception of the metastore."),
    };
}
