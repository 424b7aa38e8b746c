using System.Buffers;

namespace Tarn.Access.Trails;

/// <summary>How the events of a trail are written.</summary>
/// <param name="Name">What names of its files begin with.</param>
/// <param name="Write">Writes an event as one line, its end included.</param>
/// <param name="Notice">An event that says something about the trail itself: when, what, and whether events are missing.</param>
/// <typeparam name="T">An event.</typeparam>
public sealed record TrailFormat<T>(string Name, Action<IBufferWriter<byte>, T> Write, Func<DateTimeOffset, string, bool, T> Notice);
