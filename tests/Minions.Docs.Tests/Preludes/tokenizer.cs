using Minions.Core.Tokenization;

ITextTokenizer tokenizer = HuggingFaceTokenizer.Load("models/target");
