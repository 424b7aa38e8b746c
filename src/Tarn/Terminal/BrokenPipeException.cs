namespace Tarn.Terminal;

/// <summary>Whoever read our output has gone (<c>| head</c>): end quietly.</summary>
internal sealed class BrokenPipeException() : IOException("The reader of the output has closed it.");
