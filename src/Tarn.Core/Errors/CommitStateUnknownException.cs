namespace Tarn.Core.Errors;

/// <summary>
/// The outcome of a commit is unknown: it may have been applied. No file that the commit refers to may be deleted;
/// read the table again to learn which of the two happened.
/// </summary>
public sealed class CommitStateUnknownException(string message, Exception? cause = null)
    : TarnException(ErrorKind.Internal, message, cause);
