using Tarn.Core.Errors;

namespace Tarn.Core.Files;

/// <summary>An error at a file of this machine. Its message says where the file lies, which helps whoever sits here; clients of a server are told the rest.</summary>
/// <param name="kind">How the caller should react.</param>
/// <param name="message">The message, with the local path.</param>
/// <param name="clientMessage">The same without it.</param>
/// <param name="cause">What the file system threw; null when the operation was not tried.</param>
public sealed class LocalFileException(ErrorKind kind, string message, string clientMessage, Exception? cause = null) : TarnException(kind, message, cause)
{
    /// <summary>The message without the local path.</summary>
    public string ClientMessage => clientMessage;

    /// <summary>What a client of a server is told of an error: its message, without the local paths that errors behind it have brought in.</summary>
    public static string MessageForClients(TarnException error)
    {
        string message = error.Message;
        for (Exception? behind = error; behind is not null; behind = behind.InnerException)
        {
            if (behind is LocalFileException local)
                message = message.Replace(local.Message.TrimEnd('.'), local.ClientMessage.TrimEnd('.'), StringComparison.Ordinal);
        }

        return message;
    }
}
