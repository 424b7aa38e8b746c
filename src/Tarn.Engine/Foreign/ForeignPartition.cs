namespace Tarn.Engine.Foreign;

/// <summary>A partition of a table of another format; a table without partition keys is one.</summary>
/// <param name="Name">Its name, for messages: <c>day=2026-01-01</c>; empty for a whole table.</param>
/// <param name="Values">Values of the partition keys, in the representation of <see cref="Iceberg.Spec.LiteralValue"/>.</param>
/// <param name="Storage">Where its files lie and how they are read.</param>
internal sealed record ForeignPartition(string Name, object?[] Values, ForeignStorage Storage);
