using System.Text.Json;
using Minions.Core.Tokenization;

namespace Minions.Core.Tests.Tokenization;

/// <summary>Small tokenizers in forms that were once refused or read wrongly, with the ids of Hugging Face's tokenizers library.</summary>
public class ReferenceCasesTests
{
    private static readonly string Cases = Path.Combine(RepositoryFiles.Tokenizers, "cases");

    public static IEnumerable<string> Names() => Directory.EnumerateDirectories(Cases).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void Ids_are_those_of_the_reference(string name)
    {
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(Path.Combine(Cases, name));
        Assert.Multiple(() =>
        {
            foreach (string line in File.ReadLines(Path.Combine(Cases, name, "expected.jsonl")))
            {
                using var sample = JsonDocument.Parse(line);
                int[] ids = [.. sample.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
                string text = sample.RootElement.GetProperty("text").GetString()!;

                // This file's post-processor puts a token at both ends; a text that is there to be continued has none behind.
                if (name == "roberta-post")
                {
                    Assert.That(tokenizer.Encode(text)[0], Is.EqualTo(ids[0]));
                    ids = ids[1..^1];
                }

                Assert.That(tokenizer.Encode(text, addBeginToken: false), Is.EqualTo(ids), $"of \"{text}\"");
            }
        });
    }
}
