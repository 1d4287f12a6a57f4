"""What a page or a document says: questions and a selection in, plain values out. No Streamlit."""
