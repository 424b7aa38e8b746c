namespace Tarn.CommandLine;

/// <summary>The command line is wrong. Printed as one line with a pointer to help; the exit code is <see cref="ExitCode.Usage"/>.</summary>
/// <param name="message">What is wrong, one line.</param>
internal sealed class UsageException(string message) : Exception(message);
