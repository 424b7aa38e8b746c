namespace Tarn.Catalog.Rest.Planning;

/// <summary>How much planning may take.</summary>
internal static class PlanningLimits
{
    /// <summary>Data files of one answer: some 300 KiB without counts and bounds.</summary>
    public const int PageTasks = 500;

    /// <summary>Plans at once, finished ones that may be asked for again included.</summary>
    public const int MaxPlans = 256;

    /// <summary>Plans of one caller at once.</summary>
    public const int MaxPlansOfCaller = 64;

    /// <summary>Answers of one plan that are made before they are asked for.</summary>
    public const int PagesAhead = 1;

    /// <summary>How long a plan is kept that nobody asks about where there is no room for another one.</summary>
    public static readonly TimeSpan ForgottenTime = TimeSpan.FromMinutes(1);

    /// <summary>How long a plan is kept that nobody asks about.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(15);
}
