namespace Tarn.Server.Logging;

/// <summary>Form of log lines.</summary>
internal enum LogForm
{
    /// <summary>For people: time, level, origin, message.</summary>
    Console,

    /// <summary>For programs: one JSON object a line.</summary>
    Json,
}
