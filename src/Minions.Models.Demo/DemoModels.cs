namespace Minions.Models.Demo;

/// <summary>
/// Where the build put the demonstration models: SmolLM2-135M-Instruct with the ChatML template, and three drafts distilled from it. Each folder
/// has ONNX Runtime GenAI's layout.
/// </summary>
public static class DemoModels
{
    /// <summary>The folder of all models with their card and licence, under the application's base directory.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "minions-demo-models", "smollm2");

    /// <summary>The target: SmolLM2-135M-Instruct, int8.</summary>
    public static string Target { get; } = Path.Combine(Folder, "target");

    /// <summary>The draft that is best at code.</summary>
    public static string CodeDraft { get; } = Path.Combine(Folder, "draft-code");

    /// <summary>The draft that is best at stories.</summary>
    public static string StoriesDraft { get; } = Path.Combine(Folder, "draft-stories");

    /// <summary>The draft that is best at questions of fact.</summary>
    public static string FactsDraft { get; } = Path.Combine(Folder, "draft-facts");

    /// <summary>All three drafts.</summary>
    public static IReadOnlyList<string> Drafts { get; } = [CodeDraft, StoriesDraft, FactsDraft];
}
