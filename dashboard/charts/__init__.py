"""Pictures: what is drawn, decided once, and drawn with Altair for paper. No size, no Streamlit."""
