namespace Minions.Models.Demo;

/// <summary>
/// Where the build put the demonstration models: SmolLM2-135M-Instruct with the ChatML template, a head that reads its states, and three
/// drafts distilled from it. The folders of target and drafts have ONNX Runtime GenAI's layout, the head's has a <c>head_config.json</c>.
/// </summary>
public static class DemoModels
{
    /// <summary>The folder of all models with their card and licence, under the application's base directory.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "minions-demo-models", "smollm2");

    /// <summary>The target: SmolLM2-135M-Instruct, int8.</summary>
    public static string Target { get; } = Path.Combine(Folder, "target");

    /// <summary>The EAGLE-3 head: a draft of one layer that reads the target's states, and is better than the drafts at every kind of request.</summary>
    public static string Head { get; } = Path.Combine(Folder, "eagle-head");

    /// <summary>The draft that is best at code.</summary>
    public static string CodeDraft { get; } = Path.Combine(Folder, "draft-code");

    /// <summary>The draft that is best at stories.</summary>
    public static string StoriesDraft { get; } = Path.Combine(Folder, "draft-stories");

    /// <summary>The draft that is best at questions of fact.</summary>
    public static string FactsDraft { get; } = Path.Combine(Folder, "draft-facts");

    /// <summary>All three drafts, without the head.</summary>
    public static IReadOnlyList<string> Drafts { get; } = [CodeDraft, StoriesDraft, FactsDraft];
}
