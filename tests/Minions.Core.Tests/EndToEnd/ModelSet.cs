using System.Text.Json;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.EndToEnd;

/// <summary>Real models of the repository, loaded once for the tests of a fixture.</summary>
internal sealed class ModelSet : IDisposable
{
    private ModelSet(OnnxTargetVerifier target, IReadOnlyList<OnnxDraftModel> drafts, ITextTokenizer tokenizer)
    {
        Target = target;
        Drafts = drafts;
        Tokenizer = tokenizer;
    }

    public OnnxTargetVerifier Target { get; }

    public IReadOnlyList<OnnxDraftModel> Drafts { get; }

    public ITextTokenizer Tokenizer { get; }

    public static Task<ModelSet> FamilyAsync() => LoadAsync(RepositoryFiles.Family, "draft-tales", "draft-docs", "draft-plays");

    public static Task<ModelSet> SmolLm2Async() => LoadAsync(RepositoryFiles.SmolLm2, "draft-code", "draft-stories", "draft-facts");

    public static async Task<ModelSet> LoadAsync(string root, params string[] drafts)
    {
        OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(root, "target") });
        var loaded = new List<OnnxDraftModel>();
        foreach (string draft in drafts)
            loaded.Add(await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(root, draft) }));
        return new ModelSet(target, loaded, HuggingFaceTokenizer.Load(Path.Combine(root, "target")));
    }

    public static IReadOnlyList<string> Prompts(string file, int count)
    {
        var prompts = File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        return [.. prompts.GroupBy(prompt => prompt.GetProperty("domain").GetString()).SelectMany(domain => domain.Take(count)).Select(prompt => prompt.GetProperty("prompt").GetString()!)];
    }

    public PipelineComponents Compose(int drafts, int length) => new()
    {
        Target = Target,
        Drafts = [.. Drafts.Take(drafts)],
        Tokenizer = Tokenizer,
        LengthController = new FixedSpeculationLength(length),
        LeaveOpen = true,
    };

    public void Dispose()
    {
        foreach (OnnxDraftModel draft in Drafts)
            draft.Dispose();
        Target.Dispose();
    }
}
