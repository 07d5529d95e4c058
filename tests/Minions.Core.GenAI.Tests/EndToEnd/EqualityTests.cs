using System.Text.Json;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.Verification;

namespace Minions.Core.GenAI.Tests.EndToEnd;

/// <summary>The promise on real models: whatever drafts, a target on GenAI says what it says alone.</summary>
[TestFixture("family", 2, 64)]
[TestFixture("smollm2", 1, 24)]
internal sealed class EqualityTests(string models, int promptsPerKind, int newTokens)
{
    private static readonly SamplingOptions[] Samplings =
    [
        SamplingOptions.Greedy,
        new() { Temperature = 0.8, Seed = 1 },
        new() { Temperature = 0.8, Seed = 3, TopK = 50, MinP = 0.05, RepetitionPenalty = 1.1 },
    ];

    private readonly List<(string Prompt, GenerationOptions Options, GenerationResult Own)> _texts = [];
    private GenAITargetVerifier _target = null!;
    private IDraftModel[] _genAI = null!;
    private IDraftModel[] _onnx = null!;

    private static string[] DraftNames(string models) => models == "family" ? ["draft-tales", "draft-docs", "draft-plays"] : ["draft-code", "draft-stories"];

    [OneTimeSetUp]
    public async Task Decode_plainly()
    {
        string root = models == "family" ? RepositoryFiles.Family : RepositoryFiles.SmolLm2;
        _target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = Path.Combine(root, "target") });
        string[] names = DraftNames(models);
        _genAI = await Task.WhenAll(names.Select(async name => (IDraftModel)await GenAIDraftModel.LoadAsync(new GenAIModelOptions { Folder = Path.Combine(root, name) })));
        _onnx = await Task.WhenAll(names.Select(async name => (IDraftModel)await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(root, name) })));
        await using SpeculativePipeline pipeline = Open([], length: 0);
        foreach (string prompt in Prompts(Path.Combine(root, "prompts-dev.jsonl")))
        {
            foreach (SamplingOptions sampling in Samplings)
            {
                var options = new GenerationOptions { MaxOutputTokens = newTokens, Sampling = sampling };
                _texts.Add((prompt, options, await pipeline.GenerateAsync(prompt, options)));
            }
        }
    }

    [OneTimeTearDown]
    public void Unload()
    {
        foreach (IDisposable model in _genAI.Concat<IDisposable>(_onnx).Append(_target))
            model.Dispose();
    }

    [TestCase("genai", 1)]
    [TestCase("genai", 4)]
    [TestCase("onnx", 3)]
    [TestCase("ngram", 5)]
    [TestCase("all", 3)]
    public async Task No_text_differs(string drafts, int length)
    {
        var ngram = new NgramDraft(new NgramDraftOptions());
        IDraftModel[] used = drafts switch
        {
            "genai" => _genAI,
            "onnx" => _onnx,
            "ngram" => [ngram],
            _ => [_genAI[0], _onnx[1], ngram],
        };
        await using SpeculativePipeline pipeline = Open(used, length);
        await pipeline.LoadAsync();
        Assert.That(pipeline.Info.Exactness, Is.EqualTo(Exactness.Guaranteed));
        int accepted = 0;
        foreach ((string prompt, GenerationOptions options, GenerationResult own) in _texts)
        {
            GenerationResult result = await pipeline.GenerateAsync(prompt, options);
            Assert.That(result.TokenIds, Is.EqualTo(own.TokenIds), prompt);
            Assert.That(result.Text, Is.EqualTo(own.Text), prompt);
            accepted += result.Statistics.AcceptedTokens;
        }

        Assert.That(accepted, drafts == "ngram" ? Is.Positive : Is.GreaterThan(_texts.Count), "drafts do help");
    }

    [Test]
    public async Task Requests_beside_each_other_get_the_texts_they_get_alone()
    {
        await using SpeculativePipeline pipeline = Open([.. _genAI, .. _onnx.Select(draft => new Renamed(draft))], length: 3);
        GenerationResult[] results = await Task.WhenAll(_texts.Select(text => pipeline.GenerateAsync(text.Prompt, text.Options)));
        Assert.That(results.Select(result => result.Text), Is.EqualTo(_texts.Select(text => text.Own.Text)));
    }

    [Test]
    public async Task A_target_of_the_librarys_own_says_the_same_with_drafts_on_GenAI()
    {
        string root = models == "family" ? RepositoryFiles.Family : RepositoryFiles.SmolLm2;
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(root, "target") }),
            Drafts = [.. _genAI.Select(draft => new Renamed(draft))],
            Tokenizer = _target.Tokenizer,
            LengthController = new FixedSpeculationLength(3),
        });
        int accepted = 0;
        foreach ((string prompt, GenerationOptions options, _) in _texts)
        {
            GenerationResult own = await pipeline.GenerateAsync(prompt, options with { Speculate = false });
            GenerationResult result = await pipeline.GenerateAsync(prompt, options);
            Assert.That(result.Text, Is.EqualTo(own.Text), prompt);
            accepted += result.Statistics.AcceptedTokens;
        }

        Assert.That(accepted, Is.GreaterThan(_texts.Count), "drafts do help");
    }

    private SpeculativePipeline Open(IDraftModel[] drafts, int length) => new(
        new PipelineComponents { Target = _target, Drafts = drafts, LengthController = new FixedSpeculationLength(length), LeaveOpen = true },
        new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All } });

    private IEnumerable<string> Prompts(string file) => File.ReadLines(file)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .GroupBy(prompt => prompt.GetProperty("domain").GetString())
        .SelectMany(kind => kind.Take(promptsPerKind))
        .Select(prompt => prompt.GetProperty("prompt").GetString()!);

    // Models of one folder have one name; here both kinds of them guess. They outlive the pipeline.
    private sealed class Renamed(IDraftModel inner) : DelegatingDraftModel(inner, leaveOpen: true)
    {
        public override string Name => "own-" + Inner.Name;
    }
}
