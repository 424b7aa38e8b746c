namespace Tarn.Core.Errors;

/// <summary>What a client of a server is told of an error: its message, without the local paths that it, or an error behind it, has brought in.</summary>
public static class ClientMessages
{
    /// <summary>The message for clients.</summary>
    public static string Of(TarnException error)
    {
        string message = error.Message;
        foreach (var local in LocalErrors(error))
            message = message.Replace(local.Message.TrimEnd('.'), local.ClientMessage!.TrimEnd('.'), StringComparison.Ordinal);
        return message;
    }

    /// <summary>Whether a client is told less of an error than the log should have.</summary>
    public static bool LeavesOut(Exception error) => LocalErrors(error).Any();

    private static IEnumerable<TarnException> LocalErrors(Exception error)
    {
        for (Exception? behind = error; behind is not null; behind = behind.InnerException)
        {
            if (behind is TarnException { ClientMessage: not null } local)
                yield return local;
        }
    }
}
