namespace Tarn.Core.Errors;

/// <summary>
/// The one exception for operating errors. Its message names the value, the place and what to do next;
/// its <see cref="Kind"/> tells a program how to react.
/// </summary>
public class TarnException : Exception
{
    /// <summary>Creates an error of the given kind.</summary>
    public TarnException(ErrorKind kind, string message, Exception? cause = null)
        : base(message, cause) => Kind = kind;

    /// <summary>How the caller should react.</summary>
    public ErrorKind Kind { get; }

    /// <summary>
    /// Whether it is about the one thing that was asked for: a file that is missing, damaged or not given out. Others may fare better, so such an error must not keep them
    /// from everybody. All other errors are about the store, the caller or Tarn itself.
    /// </summary>
    public bool IsOfOneThing => Kind is ErrorKind.NotFound or ErrorKind.DataCorrupted or ErrorKind.Unsupported or ErrorKind.InvalidRequest or ErrorKind.PermissionDenied;

    /// <summary>
    /// Whether a service was reached and gave this as its answer, without saying whether it is about the one thing that was asked for: whoever goes through many asks for
    /// something else to learn it.
    /// </summary>
    public bool IsAnswer { get; init; }

    /// <summary>
    /// The message without where files lie on this machine, for clients of a server; null when it names no such place. See <see cref="ClientMessages"/>.
    /// </summary>
    public string? ClientMessage { get; init; }

    /// <summary>Shorthand for <see cref="ErrorKind.InvalidRequest"/>.</summary>
    public static TarnException Invalid(string message, Exception? cause = null) => new(ErrorKind.InvalidRequest, message, cause);

    /// <summary>Shorthand for <see cref="ErrorKind.NotFound"/>.</summary>
    public static TarnException NotFound(string message, Exception? cause = null) => new(ErrorKind.NotFound, message, cause);

    /// <summary>Shorthand for <see cref="ErrorKind.AlreadyExists"/>.</summary>
    public static TarnException AlreadyExists(string message) => new(ErrorKind.AlreadyExists, message);

    /// <summary>Shorthand for <see cref="ErrorKind.Unsupported"/>.</summary>
    public static TarnException Unsupported(string message) => new(ErrorKind.Unsupported, message);

    /// <summary>Shorthand for <see cref="ErrorKind.DataCorrupted"/>.</summary>
    public static TarnException Corrupted(string message, Exception? cause = null) => new(ErrorKind.DataCorrupted, message, cause);
}
