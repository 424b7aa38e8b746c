using Tarn.Commands;
using Tarn.Composition;
using Tarn.Terminal;

namespace Tarn.CommandLine;

/// <summary>What a command runs with.</summary>
/// <param name="Words">The parsed command line.</param>
/// <param name="Streams">Input and output.</param>
/// <param name="Cancellation">Signals; for commands that outlive a cancelled statement.</param>
internal sealed record CommandContext(ParsedCommand Words, Streams Streams, Cancellation Cancellation)
{
    /// <summary>Opens the lake that the options name.</summary>
    public required Func<LakeOptions, Action<string>, ILake> Open { get; init; }

    /// <summary>The value of <c>--format</c>.</summary>
    public string Format => Words.Value(SharedOptions.Format.Name) ?? "table";

    /// <summary>The lake of this command line. The caller disposes it.</summary>
    public ILake OpenLake(LakeAccess access) => Open(LakeOptions.Of(Words) with { Access = access }, Say);

    /// <summary>The lake that holds a table; for a table outside any lake will do.</summary>
    public ILake OpenLake(TableName table) => OpenLake(table.Identifier is null ? LakeAccess.Outside : LakeAccess.Existing);

    /// <summary>Writes a line for people to stderr.</summary>
    public void Say(string line) => Streams.Error.WriteLine(line);
}
