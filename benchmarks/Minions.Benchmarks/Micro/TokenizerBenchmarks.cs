using System.Text;
using BenchmarkDotNet.Attributes;
using Minions.Benchmarks.Models;
using Minions.Core.Tokenization;

namespace Minions.Benchmarks.Micro;

/// <summary>Encoding a text of about 16 000 characters: words that were met before, words that were not, and the making of the tokenizer.</summary>
[MemoryDiagnoser]
public class TokenizerBenchmarks
{
    private const int TextLength = 16_384;

    private HuggingFaceTokenizer _tokenizer = null!;
    private string _known = string.Empty;
    private string[] _fresh = [];
    private int _next;

    [GlobalSetup]
    public void Write()
    {
        _tokenizer = HuggingFaceTokenizer.Load(RepositoryModels.SmolLm2.TargetFolder);
        _known = Prose();
        _tokenizer.Encode(_known);
        var random = new Random(1);
        _fresh = [.. Enumerable.Range(0, 64).Select(_ => Gibberish(random))];
    }

    /// <summary>Prose that was encoded before, as a conversation sends it again with each turn.</summary>
    [Benchmark]
    public int KnownWords() => _tokenizer.Encode(_known).Count;

    /// <summary>Random words, so many that hardly one of them is still in the cache.</summary>
    [Benchmark]
    public int FreshWords() => _tokenizer.Encode(_fresh[_next++ % _fresh.Length]).Count;

    [Benchmark]
    public int Load() => HuggingFaceTokenizer.Load(RepositoryModels.SmolLm2.TargetFolder).VocabularySize;

    private static string Prose()
    {
        string prompts = File.ReadAllText(RepositoryModels.SmolLm2.PromptFile);
        var text = new StringBuilder();
        while (text.Length < TextLength)
            text.Append(prompts);
        return text.ToString(0, TextLength);
    }

    private static string Gibberish(Random random)
    {
        var text = new StringBuilder(TextLength);
        while (text.Length < TextLength)
        {
            for (int letters = random.Next(2, 12); letters > 0; letters--)
                text.Append((char)('a' + random.Next(26)));
            text.Append(' ');
        }

        return text.ToString();
    }
}
