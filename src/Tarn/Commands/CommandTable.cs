using Tarn.CommandLine;
using Tarn.Commands.Access;
using Tarn.Commands.S3;
using Tarn.Demo;

namespace Tarn.Commands;

/// <summary>The commands of <c>tarn</c>, in the order of help.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<CommandSpec> All { get; } =
    [
        DemoCommand.Spec,
        GenerateCommand.Spec,
        IngestCommand.Spec,
        ReadCommand.Spec,
        SqlCommand.Spec,
        TablesCommand.Spec,
        DescribeCommand.Spec,
        HistoryCommand.Spec,
        DiffCommand.Spec,
        RollbackCommand.Spec,
        ExportCommand.Spec,
        UpCommand.Spec,
        ConfigCommand.Spec,
        S3Commands.Spec,
        RelocateCommand.Spec,
        UserCommands.Spec,
        KeyCommands.Spec,
        GroupCommands.Spec,
        RoleCommands.Spec,
        PolicyCommands.Spec,
        AuditCommand.Spec,
    ];
}
