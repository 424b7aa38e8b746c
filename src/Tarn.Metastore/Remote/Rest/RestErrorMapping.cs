using Tarn.Core.Errors;

namespace Tarn.Metastore.Remote.Rest;

/// <summary>
/// What a failed answer means for the caller. Whoever commits deletes the files of a commit that was certainly refused, so a change is certain only after an
/// answer that the catalog gives before it writes: 4XX to the only attempt. After 5XX, also 503, which proxies give to what they had passed on, it is unknown, and no refusal of a repetition makes it known.
/// </summary>
internal static class RestErrorMapping
{
    public static TarnException Of(RestReply reply)
    {
        var error = reply.Error;
        string message = MessageOf(reply);
        return reply.Status switch
        {
            401 or 419 => new TarnException(ErrorKind.Unauthenticated, message + " Check the token or credential of the catalog."),
            403 => new TarnException(ErrorKind.PermissionDenied, message),
            404 => TarnException.NotFound(message),
            405 or 406 or 501 => TarnException.Unsupported(message),
            409 => Conflict(reply.Request, error, message),
            429 => new TarnException(ErrorKind.Unavailable, message + " Nothing was changed; try again later."),
            >= 400 and < 500 => TarnException.Invalid(message),
            _ => Lost(reply.Request, message, null, isAnswer: true),
        };
    }

    /// <summary>What was asked for, and what the server said instead.</summary>
    public static string MessageOf(RestReply reply) => $"The catalog did not {reply.Request.Purpose}: {Said(reply.Status, reply.Error)}";

    /// <summary>Whether a 409 has one of the names that the specification gives to conflicts.</summary>
    public static bool IsNamedConflict(RestError error) => error.Type is "NamespaceNotEmptyException" or "AlreadyExistsException" or "CommitFailedException";

    /// <summary>No answer came, or one that does not say what happened.</summary>
    public static TarnException Lost(RestRequest request, string message, Exception? cause, bool isAnswer = false) => request.IsRead
        ? new TarnException(ErrorKind.Unavailable, message + " Nothing was changed; try again later.", cause) { IsAnswer = isAnswer }
        : new CommitStateUnknownException(message + " It is unknown whether it was applied: no file was deleted; look at the catalog before you repeat it.", cause) { IsAnswer = isAnswer };

    /// <summary>A repetition was refused, which does not say what came of the attempt before.</summary>
    public static CommitStateUnknownException StillUnknown(RestReply reply, CommitStateUnknownException unknown) =>
        new($"{unknown.Message} Asked again, the catalog said: {Said(reply.Status, reply.Error)}", unknown);

    /// <inheritdoc cref="StillUnknown(RestReply, CommitStateUnknownException)"/>
    public static CommitStateUnknownException StillUnknown(Exception error, CommitStateUnknownException unknown) => new(
        error is OperationCanceledException ? $"{unknown.Message} Asking again was cancelled." : $"{unknown.Message} Asked again: {error.Message}", unknown);

    private static TarnException Conflict(RestRequest request, RestError error, string message) => error.Type switch
    {
        "NamespaceNotEmptyException" => TarnException.Invalid(message),
        "AlreadyExistsException" => TarnException.AlreadyExists(message),
        "CommitFailedException" => new CommitConflictException(message),
        _ => request.IsCommit ? new CommitConflictException(message) : TarnException.AlreadyExists(message),
    };

    private static string Said(int status, RestError error) => error switch
    {
        { Type.Length: > 0, Message.Length: > 0 } => $"{error.Message.TrimEnd('.')} (HTTP {status}, {error.Type}).",
        { Message.Length: > 0 } => $"{error.Message.TrimEnd('.')} (HTTP {status}).",
        { Type.Length: > 0 } => $"HTTP {status}, {error.Type}.",
        _ => $"HTTP {status} without an explanation.",
    };
}
