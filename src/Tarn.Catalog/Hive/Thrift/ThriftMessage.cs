namespace Tarn.Catalog.Hive.Thrift;

/// <summary>A message: its head and its struct of arguments or results.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The call.</param>
/// <param name="SequenceId">What the client chose; the answer repeats it.</param>
/// <param name="IsStrict">Whether the head begins with the version; an answer has the form of its call.</param>
/// <param name="Body">The struct.</param>
internal sealed record ThriftMessage(ThriftMessageKind Kind, string Name, int SequenceId, bool IsStrict, ThriftStruct Body);
