using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Minions.Benchmarks.Models;
using Minions.Core.Tokenization;
using Minions.Extensions.AI;
using Minions.Extensions.AI.Chat;
using Minions.Extensions.AI.Templates;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Benchmarks.Micro;

/// <summary>The prompt of a chat of 20 turns with tools: the first time, when the template is parsed, and from then on.</summary>
[MemoryDiagnoser]
public class TemplateBenchmarks
{
    private const int Turns = 20;

    private readonly List<ChatMessage> _chat = LongChat.Of(Turns);
    private readonly ToolCatalog _tools = ToolCatalog.From(LongChat.Tools);
    private string _source = string.Empty;
    private ChatModel _model = null!;
    private ChatTemplateSet _templates = null!;
    private ChatTemplateInput _input = null!;
    private RenderedPrompt _prompt = null!;

    [Params(TemplateFamily.SmolLm2, TemplateFamily.Qwen, TemplateFamily.Llama, TemplateFamily.Mistral, TemplateFamily.GptOss)]
    public string Family { get; set; } = string.Empty;

    [GlobalSetup]
    public void Learn()
    {
        _source = TemplateFamily.SourceOf(Family);
        _templates = ChatTemplateSet.FromSource(_source);
        var options = new MinionsChatClientOptions { Variables = TemplateFamily.Variables };
        _model = new ChatModel(_templates, HuggingFaceTokenizer.Load(RepositoryModels.SmolLm2.TargetFolder), options, new ChatClientMetadata(null, null, Family));

        _input = _model.InputOf(_chat, instructions: null, _tools, []);
        _prompt = _templates.Render(_input);
    }

    /// <summary>Parse and render.</summary>
    [Benchmark]
    public int First() => ChatTemplateSet.FromSource(_source).Render(_input).Text.Length;

    /// <summary>Render alone.</summary>
    [Benchmark]
    public int Later() => _templates.Render(_input).Text.Length;

    /// <summary>Render, and before it make of the client's messages what the template reads: all that a request does before its prompt is encoded.</summary>
    [Benchmark]
    public int LaterFromMessages() => _model.Render(_chat, instructions: null, _tools, []).Text.Length;

    /// <summary>Encoding such a prompt, to compare with: its words are known, as those of earlier turns are.</summary>
    [Benchmark]
    public int EncodePrompt() => _model.Encode(_prompt).Count;
}
