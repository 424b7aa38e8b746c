namespace Tarn.CommandLine;

/// <summary>What the process answers to its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed; stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>Cancelled by Ctrl-C or SIGTERM; nothing was changed. 128 + SIGINT, as shells count.</summary>
    public const int Cancelled = 130;
}
